visorcli system visorfs ramdisk --help
