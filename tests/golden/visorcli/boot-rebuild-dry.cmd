visorcli system boot rebuild -d /dev/sdc -i /tmp/pxe -n
