visorcli system settings advanced list -o /User/execInstalledOnly
