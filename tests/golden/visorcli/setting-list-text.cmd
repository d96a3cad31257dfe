visorcli system settings advanced list
