visorcli system visorfs ramdisk add --max-size=1 --name=tmp --target=/tmp2
