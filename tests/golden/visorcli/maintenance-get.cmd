esxcli system maintenanceMode get
