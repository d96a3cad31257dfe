visorcli system visorfs ramdisk remove -t /upgradescratch
