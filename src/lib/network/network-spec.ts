/** What a network is built from: plain data, as a hospital file states it. Times in µs. */
export interface NetworkSpec {
	networks: LanSpec[];
	hosts: HostSpec[];
	/** The DNS zone. It is served by every host whose address some other host has as its resolver. */
	names: { name: string; address: string }[];
}

export interface LanSpec {
	id: string;
	/** E.g. `10.20.10.0/24`. */
	cidr: string;
	title?: string;
	/** One way; 100 unless told otherwise. */
	latencyUs?: number;
	/** 1 Gbit/s unless told otherwise. */
	bandwidthBitsPerSecond?: number;
	/** The largest IP packet; 1500 unless told otherwise. */
	mtuBytes?: number;
}

export interface NicSpec {
	/** The id of the LAN it is plugged into. */
	network: string;
	address: string;
	/** The prefix of the LAN's cidr unless told otherwise. */
	prefix?: number;
	/** Default route through this NIC. */
	gateway?: string;
	up?: boolean;
}

export interface HostSpec {
	id: string;
	nics: NicSpec[];
	/** Address of the DNS server it asks. */
	resolver?: string;
	/** True for a router or firewall. */
	forwards?: boolean;
	/** True unless told otherwise. */
	answersPing?: boolean;
	/** Ordered; the first rule that matches decides. */
	firewall?: FirewallRule[];
	/** When no rule matches: `drop` when there are rules, `allow` when there are none, unless told otherwise. */
	firewallDefault?: FirewallAction;
	/** Static routes besides those of the NICs. */
	routes?: RouteSpec[];
	hostsFile?: { name: string; address: string }[];
}

export interface RouteSpec {
	/** A cidr. */
	to: string;
	/** The gateway's address, on one of the host's own subnets. */
	via: string;
}

export type FirewallAction = 'allow' | 'reject' | 'drop';

export interface FirewallRule {
	id: string;
	action: FirewallAction;
	/** A cidr, an address, or `any`. */
	source: string;
	destination: string;
	protocol: 'tcp' | 'udp' | 'icmp' | 'any';
	/** The destination port; all ports when absent. */
	port?: number;
	comment?: string;
	/** Writes matches to the firewall's log even when they pass. */
	log?: boolean;
}
