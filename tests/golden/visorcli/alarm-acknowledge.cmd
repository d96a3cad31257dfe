visorcli system alarm acknowledge --alarm=ramdisk:tmp
