esxcli system visorfs ramdisk add -M 300 -m 100 -n upgradescratch -p 01777 -t /upgradescratch
