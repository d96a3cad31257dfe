visorcli system visorfs floppy list
