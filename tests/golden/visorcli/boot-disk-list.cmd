visorcli system boot disk list
