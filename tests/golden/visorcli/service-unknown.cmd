localcli system service stop -n nothing
