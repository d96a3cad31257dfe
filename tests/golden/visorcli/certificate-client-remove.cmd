visorcli system security certificate client remove -n ci
