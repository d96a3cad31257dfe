esxcli system visorfs ramdisk owners -n tmp
