visorcli system boot rebuild --device=/dev/sdc --yes
