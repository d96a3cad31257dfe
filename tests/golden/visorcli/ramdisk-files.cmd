visorcli system visorfs ramdisk files -n log -l 2
