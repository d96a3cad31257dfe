esxcli system permission list
