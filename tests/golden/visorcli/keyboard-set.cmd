esxcli system settings keyboard layout set --layout=de
