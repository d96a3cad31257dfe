visorcli system panic list
