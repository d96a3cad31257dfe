visorcli system visorfs ramdisk list
