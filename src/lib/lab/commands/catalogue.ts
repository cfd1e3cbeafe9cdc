import type { CommandDefinition } from '../define-command.ts';
import { arp } from './arp.ts';
import { cat } from './cat.ts';
import { curl } from './curl.ts';
import { date } from './date.ts';
import { dcmdump } from './dcmdump.ts';
import { df } from './df.ts';
import { echoscu } from './echoscu.ts';
import { exit } from './exit.ts';
import { findscu } from './findscu.ts';
import { getscu } from './getscu.ts';
import { grep } from './grep.ts';
import { head } from './head.ts';
import { help } from './help.ts';
import { hostname } from './hostname.ts';
import { ip } from './ip.ts';
import { ls } from './ls.ts';
import { mllpSend } from './mllp-send.ts';
import { movescu } from './movescu.ts';
import { nc } from './nc.ts';
import { netstat } from './netstat.ts';
import { nslookup } from './nslookup.ts';
import { openssl } from './openssl.ts';
import { ping } from './ping.ts';
import { ss } from './ss.ts';
import { storescu } from './storescu.ts';
import { sudo } from './sudo.ts';
import { systemctl } from './systemctl.ts';
import { tail } from './tail.ts';
import { tcpdump } from './tcpdump.ts';
import { timeout } from './timeout.ts';
import { traceroute } from './traceroute.ts';
import { wc } from './wc.ts';

/** Every command by name, in the order of the help page. A new command is a new file and a line here. */
export const COMMANDS: ReadonlyMap<string, CommandDefinition> = new Map(
	[
		ping,
		traceroute,
		nslookup,
		nc,
		curl,
		ip,
		arp,
		ss,
		netstat,
		tcpdump,
		timeout,
		echoscu,
		findscu,
		movescu,
		getscu,
		storescu,
		dcmdump,
		mllpSend,
		openssl,
		systemctl,
		df,
		ls,
		cat,
		tail,
		head,
		grep,
		wc,
		date,
		hostname,
		sudo,
		help,
		exit,
	].map((command) => [command.name, command]),
);
