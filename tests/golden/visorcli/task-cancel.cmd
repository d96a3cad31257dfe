visorcli system task cancel --id=b461cf39b0f42952
