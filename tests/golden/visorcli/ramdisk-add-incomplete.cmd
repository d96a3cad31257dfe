visorcli system visorfs ramdisk add -M 300 -n x
