visorcli --formatter=json system visorfs ramdisk list
