visorcli system visorfs ramdisk owners
