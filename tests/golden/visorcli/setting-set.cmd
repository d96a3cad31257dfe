esxcli system settings advanced set -o /User/execInstalledOnly -i 0
