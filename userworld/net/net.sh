# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# What the worlds of the management network share: its adapter, its settings, its name servers.
# Read with ".".
settings=/etc/network.conf
# shellcheck disable=SC2034 # for those who read this file
found=/run/network # what was found out, and by whom: a file each

first_nic() {
	for nic in /sys/class/net/*; do
		if [ -e "$nic/device" ]; then
			echo "${nic##*/}"
			return
		fi
	done
	return 1
}

# Returns when the kernel has told of something new about network adapters.
wait_for_nic() {
	# shellcheck disable=SC2016 # the variables are those of each event
	uevent sh -c '[ "$SUBSYSTEM" != net ] || kill $PPID' &
	# It may have come before we listened.
	sleep 1
	! first_nic >/dev/null || kill $!
	{ wait $!; } 2>/dev/null
}

# Sets name to that of the first adapter that has a driver; waits for one.
find_nic() {
	until name=$(first_nic); do
		echo "there is no network adapter; waiting for one"
		wait_for_nic
	done
	ip link set dev "$name" up
}

# The value of a key of the settings, "" without it.
setting() {
	[ ! -f $settings ] || sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*//p" $settings | tail -n 1
}

# All that the sources say, in their order: static, IPv4, then IPv6. What a server sent is not
# trusted to be a name or an address.
merged() {
	words=$(cat "$found"/dns.* 2>/dev/null)
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
		echo "$text" >/etc/resolv.conf.$$ && mv /etc/resolv.conf.$$ /etc/resolv.conf || return
		[ "$(merged)" != "$text" ]
	do :; done
}
