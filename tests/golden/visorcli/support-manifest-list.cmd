visorcli system support manifest list
