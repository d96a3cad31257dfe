visorcli system permission unset -i root
