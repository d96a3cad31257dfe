visorcli system security certificate client list
