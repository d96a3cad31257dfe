visorcli system lockdown get
