visorcli system alarm list
