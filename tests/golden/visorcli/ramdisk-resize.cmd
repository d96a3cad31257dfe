visorcli system visorfs ramdisk resize -n tmp -M 512 -i 20000
