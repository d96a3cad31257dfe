esxcli system account list
