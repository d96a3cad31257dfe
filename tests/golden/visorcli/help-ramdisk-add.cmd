visorcli system visorfs ramdisk add --help
