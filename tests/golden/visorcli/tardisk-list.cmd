visorcli system visorfs tardisk list
