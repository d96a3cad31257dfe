visorcli system boot scrub --image=http://192.0.2.1/pxe/
