visorcli --formatter=keyvalue system visorfs ramdisk list
