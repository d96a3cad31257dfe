esxcli system visorfs ramdisk list
