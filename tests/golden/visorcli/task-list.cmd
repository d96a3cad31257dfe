visorcli system task list
