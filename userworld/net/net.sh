# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# What the worlds of the management network share: its adapter, its settings, its name servers.
# Read with ".".
settings=/etc/network.conf
# shellcheck disable=SC2034 # for those who read this file
found=/run/network # what was found out, and by whom: a file each

# The value of a key of the settings, "" without it.
setting() {
	[ ! -f $settings ] || sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" $settings | tail -n 1 | sed 's/[[:space:]]#.*//'
}

# own INTERFACE KEY: the same for what each interface has. Those of vmk0 have no name before them.
own() {
	case $1 in
	vmk0) setting "$2" ;;
	*) setting "$1\.$2" ;;
	esac
}

# All interfaces, vmk0 first.
interfaces() {
	echo vmk0
	[ ! -f $settings ] || sed -n 's/^[[:space:]]*\(vmk[1-9][0-9]*\)\.adapter[[:space:]]*=.*/\1/p' $settings
}

# adapter_of INTERFACE: the name of its adapter. Fails if that is not there.
adapter_of() {
	wanted=$(own "$1" adapter)
	for nic in /sys/class/net/*; do
		[ -e "$nic/device" ] || continue
		case $wanted in
		"" | "${nic##*/}") ;;
		*:*) grep -qix "$wanted" "$nic/address" || continue ;;
		*) continue ;;
		esac
		echo "${nic##*/}"
		return
	done
	return 1
}

# device_of INTERFACE: the name that the kernel has for it, ADAPTER or ADAPTER.VLAN. Whether that
# one is there yet is another question: net makes it.
device_of() {
	nic=$(adapter_of "$1") || return
	vlan=$(own "$1" vlan)
	echo "$nic${vlan:+.$vlan}" | sed 's/\.0$//'
}

there() {
	name=$(device_of "$1") && [ -e "/sys/class/net/$name" ]
}

# wait_for CONDITION...: returns when the kernel has told of something new about network adapters.
wait_for() {
	# shellcheck disable=SC2016 # the variables are those of each event
	uevent sh -c '[ "$SUBSYSTEM" != net ] || kill $PPID' &
	# It may have come before we listened.
	sleep 1
	! "$@" >/dev/null || kill $!
	{ wait $!; } 2>/dev/null
}

# until_there CONDITION INTERFACE
until_there() {
	until "$@" >/dev/null; do
		echo "$2: there is no network adapter $(own "$2" adapter); waiting for one"
		wait_for "$@"
	done
}

# ask_dhcp6 DEVICE HOW OPTION...: has dhcpcd take IPv6 addresses as routers say, or in another way.
ask_dhcp6() {
	device=$1 how=$2
	shift 2
	case $how in
	slaac) set -- --nodhcp6 "$@" ;; # without DHCPv6, whatever routers say
	dhcp) set -- --ia_na --ipv6ra_noautoconf "$@" ;; # DHCPv6, whatever routers say, and a default route of theirs
	esac
	exec dhcpcd -6 -B -q -f /usr/lib/visoros/dhcpcd.conf -c /usr/lib/visoros/dhcpcd.script "$@" "$device"
}

# All that the sources say, in their order: static, IPv4, then IPv6. What a server sent is not
# trusted to be a name or an address.
merged() {
	if [ "$(setting dhcp-dns)" = no ]; then
		words=$(cat "$found/dns.0.static" 2>/dev/null)
	else
		words=$(cat "$found"/dns.* 2>/dev/null)
	fi
	domains=$(echo "$words" | sed -n 's/^search //p' | tr ' ' '\n' | grep -x '[A-Za-z0-9._-]\+' | awk '!seen[$0]++')
	# shellcheck disable=SC2086 # a list on one line
	[ -z "$domains" ] || echo search $domains
	echo "$words" | grep -x 'nameserver [0-9A-Fa-f.:]\+\(%[A-Za-z0-9]\+\)\?' | awk '!seen[$0]++'
}

# use_dns SOURCE SERVERS DOMAINS: what a source says from now on, into /etc/resolv.conf. Two may do
# so at a time: who writes last has seen what the other one said. Replaced by a rename, so nobody
# reads half of one.
use_dns() {
	{
		for domain in $3; do
			echo "search $domain"
		done
		for server in $2; do
			echo "nameserver $server"
		done
	} >"$found/dns.$1"
	while
		text=$(merged)
		[ "$text" = "$(cat /etc/resolv.conf 2>/dev/null)" ] ||
			{ echo "$text" >/etc/resolv.conf.$$ && mv /etc/resolv.conf.$$ /etc/resolv.conf; } || return
		[ "$(merged)" != "$text" ]
	do :; done
}

# use_routes FAMILY KEY: the routes of the settings; those whose gateway cannot be reached are left
# for the next time that an address comes.
use_routes() {
	# shellcheck disable=SC2046 # NETWORK GATEWAY, one after the other
	set -- "$1" $(setting "$2" | tr ',' ' ')
	family=$1
	shift
	while [ $# -gt 1 ]; do
		grep -qsx "$1 $2" "$found/routes$family" || echo "$1 $2" >>"$found/routes$family"
		ip "-$family" route replace "$1" via "$2" 2>/dev/null || echo "the route to $1 by $2 is not there yet"
		shift 2
	done
}

# Takes those back that are in force.
drop_routes() {
	while read -r network gateway; do
		ip "-$1" route del "$network" via "$gateway" 2>/dev/null
	done <"$found/routes$1"
	rm -f "$found/routes$1"
} 2>/dev/null
