import type { Action } from '#lib/lab/action.ts';
import type { Observation } from '#lib/lab/observation.ts';
import type { WorkbenchView } from '#lib/lab/workbench-view.ts';
import { archiveConsole, ct2Console } from './console-fixture.ts';

/** A workbench in the middle of an attempt, as the server would send it: realistic sizes, synthetic names. */

type Node = WorkbenchView['map']['nodes'][number];
type Reach = Node['devices'][number]['reach'];

const SECOND_US = 1_000_000;

function node(
	id: string,
	title: string,
	role: string,
	network: string,
	address: string,
	at: [number, number],
	reach: Reach,
	minutesAway = 0,
	shell = false,
): Node {
	const devices = [{ id, title, reach, minutesAway }];
	return { id, title, role, networks: [network], address, devices, shell, x: at[0], y: at[1] };
}

const NODES: Node[] = [
	node('ct1', 'CT 1', 'CT scanner', 'modalities', '10.20.1.11', [0, 0], 'walk', 4),
	node('ct2', 'CT 2', 'CT scanner', 'modalities', '10.20.1.12', [1, 0], 'walk', 4),
	node('mr1', 'MR 1', 'MR scanner', 'modalities', '10.20.1.21', [2, 0], 'walk', 6),
	node('dr1', 'DR room 1', 'DR modality', 'modalities', '10.20.1.31', [0, 1], 'walk', 5),
	node('dr2', 'DR room 2', 'DR modality', 'modalities', '10.20.1.32', [1, 1], 'walk', 5),
	node('us1', 'US 1', 'US modality', 'modalities', '10.20.1.41', [2, 1], 'walk', 5),
	node('mg1', 'Mammography', 'MG modality', 'modalities', '10.20.1.51', [0, 2], 'walk', 7),
	node('ca1', 'C-arm OR 2', 'C-arm', 'modalities', '10.20.1.61', [1, 2], 'walk', 9),
	node('pacs', 'PACS archive', 'Archive', 'servers', '10.20.2.10', [3.4, 0], 'remote', 0, true),
	node('ris', 'RIS', 'Worklist provider', 'servers', '10.20.2.20', [4.4, 0], 'remote'),
	node(
		'engine',
		'Interface engine',
		'Engine',
		'servers',
		'10.20.2.30',
		[3.4, 1],
		'remote',
		0,
		true,
	),
	node(
		'router',
		'DICOM router',
		'DICOM router',
		'servers',
		'10.20.2.40',
		[4.4, 1],
		'remote',
		0,
		true,
	),
	node('dns', 'DNS and time', 'Infrastructure', 'servers', '10.20.2.5', [3.4, 2], 'remote'),
	node('report', 'Reporting', 'Reporting system', 'servers', '10.20.2.50', [4.4, 2], 'remote'),
	node(
		'desk',
		'Your desk',
		'Administrator desk',
		'clinical',
		'10.20.3.100',
		[5.8, 0],
		'remote',
		0,
		true,
	),
	node('ws1', 'Reading room A', 'Workstation', 'clinical', '10.20.3.11', [6.8, 0], 'walk', 2),
	node('ws2', 'Reading room B', 'Workstation', 'clinical', '10.20.3.12', [6.8, 1], 'walk', 2),
	node('edview', 'ED viewer', 'Viewer', 'clinical', '10.20.3.31', [5.8, 1], 'walk', 6),
	node(
		'tele',
		'Remote readers',
		'Remote reading',
		'remote',
		'172.31.8.10',
		[6.3, 2.3],
		'request',
		20,
	),
];

const SWITCH: Node = {
	id: 'core',
	title: 'Core switch',
	role: 'Switch',
	networks: ['modalities', 'servers', 'clinical', 'remote'],
	address: '10.20.0.1',
	devices: [{ id: 'core', title: 'Core switch', reach: 'request', minutesAway: 20 }],
	shell: false,
	x: 2.4,
	y: 2.3,
};

const LINKS = NODES.map(({ id, networks }) => ({
	from: id,
	to: 'core',
	network: networks[0] ?? '',
}));

const TICKET_TEXT = `CT 2 **cannot send** since about seven this morning. CT 1 next door is fine.

The service engineer of the vendor was here last night. The ER is waiting for two head scans, and the patients have already left the table.

- the send queue on the console shows *failed*
- \`PACS\` on CT 1 works as always`;

const ECHO_REJECTED = `I: Requesting Association
F: Association Rejected:
F: Result: Rejected Permanent, Source: Service User
F: Reason: Calling AE Title Not Recognized`;

const PING = `PING pacs (10.20.2.10) 56(84) bytes of data.
64 bytes from pacs (10.20.2.10): icmp_seq=1 ttl=63 time=0.412 ms
64 bytes from pacs (10.20.2.10): icmp_seq=2 ttl=63 time=0.398 ms
64 bytes from pacs (10.20.2.10): icmp_seq=3 ttl=63 time=0.405 ms

--- pacs ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2003ms
rtt min/avg/max/mdev = 0.398/0.405/0.412/0.005 ms`;

const LOG_TAIL = `2026-03-09 07:38:12 WARN  AssociationServer  A-ASSOCIATE-RQ from 10.20.1.12:51544 calling=CT_DEFAULT called=PACS
2026-03-09 07:38:12 WARN  AssociationServer  rejected: result=1 source=1 reason=3 (calling AE title not recognized)
2026-03-09 07:41:47 INFO  StorageScp         CT1 stored 64 instances of 1.2.826.0.1.3680043.10.511.3.84`;

type Step = [Action, number, Partial<Observation> & { text: string }];

const STEPS: Step[] = [
	[
		{ kind: 'command', place: 'desk', line: 'ping -c 3 pacs' },
		3,
		{ text: PING, traffic: [{ path: ['desk', 'core', 'pacs'], ended: 'answered' }] },
	],
	[
		{ kind: 'call', person: 'lead-ct', topic: 'what-changed' },
		120,
		{
			place: 'phone',
			text: 'The engineer replaced the reconstruction computer and put everything back. At least he said so.',
		},
	],
	[{ kind: 'look', device: 'pacs' }, 20, { place: 'pacs', text: '', console: archiveConsole() }],
	[
		{ kind: 'command', place: 'pacs', line: 'tail -n 3 /var/log/pacs/server.log' },
		1,
		{ place: 'pacs', text: LOG_TAIL },
	],
	[
		{
			kind: 'note',
			standing: 'suspected',
			text: 'CT 2 calls itself CT_DEFAULT since the visit; the archive knows CT2 only.',
		},
		0,
		{ text: '' },
	],
	[
		{
			kind: 'note',
			standing: 'ruled-out',
			text: 'Network between CT 2 and the archive: RQ arrives.',
		},
		0,
		{ text: '' },
	],
	[{ kind: 'look', device: 'ct2' }, 240, { place: 'ct2', text: '', console: ct2Console() }],
	[
		{ kind: 'operate', device: 'ct2', operation: 'echo', fields: { node: 'pacs' } },
		5,
		{
			place: 'ct2',
			text: 'DICOM echo to PACS failed: association rejected by the remote system.',
			console: ct2Console(),
			traffic: [{ path: ['ct2', 'core', 'pacs'], ended: 'refused' }],
		},
	],
	[
		{ kind: 'command', place: 'desk', line: 'echoscu -aet CT_DEFAULT -aec PACS pacs 104' },
		1,
		{ text: ECHO_REJECTED },
	],
	[
		{ kind: 'command', place: 'desk', line: 'systemctl restart pacs' },
		0,
		{
			text: "systemctl: no service 'pacs' on this machine. Open a shell on pacs.",
			outcome: 'refused',
		},
	],
	[
		{ kind: 'diagnose', component: 'ct2', mechanism: 'ae-title-changed', confidence: 85 },
		0,
		{ place: 'ticket', text: '' },
	],
];

function historyOf(steps: readonly Step[]): WorkbenchView['history'] {
	let nowUs = 0;
	return steps.map(([action, seconds, shown], sequence) => {
		const startedUs = nowUs;
		nowUs += seconds * SECOND_US;
		const observation = {
			place: 'desk',
			startedUs,
			endedUs: nowUs,
			outcome: 'done' as const,
			...shown,
		};
		return { sequence, action, observation };
	});
}

const topics = (...labels: [string, string][]) => labels.map(([id, label]) => ({ id, label }));

const PEOPLE: WorkbenchView['people'] = [
	{
		id: 'lead-ct',
		name: 'Priya Raman',
		role: 'Lead CT technologist',
		waiting: true,
		topics: topics(
			['what-changed', 'What changed before it began?'],
			['read-screen', 'What does the screen say when you send?'],
			['since-when', 'Since when, and does anything still work?'],
		),
	},
	{
		id: 'er-doc',
		name: 'Dr Jonas Weber',
		role: 'Emergency physician',
		waiting: true,
		topics: topics(['which-patients', 'Which patients are you waiting for?']),
	},
	{
		id: 'vendor',
		name: 'Marta Silva',
		role: 'Field service engineer, CT vendor',
		waiting: false,
		topics: topics(
			['what-done', 'What did you do last night?'],
			['backup', 'Is there a backup of the settings?'],
		),
	},
	{
		id: 'network',
		name: 'Tom Becker',
		role: 'Network engineer',
		waiting: false,
		topics: topics(['firewall', 'Was any rule changed?'], ['port', 'Is the port of CT 2 clean?']),
	},
];

const VOCABULARY: WorkbenchView['vocabulary'] = {
	components: [...NODES, SWITCH].map(({ id, title }) => ({ id, title })),
	layers: [
		{ id: 'network', title: 'Network' },
		{ id: 'association', title: 'DICOM association' },
		{ id: 'storage', title: 'Storage' },
		{ id: 'workflow', title: 'Orders and identity' },
	],
	mechanisms: [
		{ id: 'link-down', title: 'Link down', layer: 'network' },
		{ id: 'wrong-mask', title: 'Wrong network mask', layer: 'network' },
		{ id: 'firewall-drop', title: 'Firewall drops the traffic', layer: 'network' },
		{ id: 'ae-title-changed', title: 'AE title changed', layer: 'association' },
		{ id: 'node-missing', title: 'Calling AE not registered at the peer', layer: 'association' },
		{ id: 'port-changed', title: 'Listener moved to another port', layer: 'association' },
		{ id: 'volume-full', title: 'Volume full', layer: 'storage' },
		{ id: 'worklist-filter', title: 'Worklist filter hides orders', layer: 'workflow' },
	],
};

const COMMANDS: WorkbenchView['commands'] = [
	['ping', 'ping [-c N] host', 'ask a host for an echo'],
	['nslookup', 'nslookup name|address', 'ask the name service'],
	['traceroute', 'traceroute host', 'show the hops to a host'],
	['echoscu', 'echoscu [-aet A] [-aec B] host port', 'verify a DICOM association'],
	['storescu', 'storescu [options] host port file', 'send objects'],
	['findscu', 'findscu [options] host port', 'query'],
	['tail', 'tail [-n N] file', 'show the end of a log'],
	['tcpdump', 'tcpdump -i IF [-w file] [filter]', 'capture traffic'],
].map(([name = '', synopsis = '', summary = '']) => ({ name, synopsis, summary }));

/** A fresh copy each time, so that a test may change it. */
export function workbenchFixture(): WorkbenchView {
	const history = historyOf(STEPS);
	const nowUs = history.at(-1)?.observation.endedUs ?? 0;
	return structuredClone({
		scenario: {
			id: 'ct2-rejected-after-service',
			version: 1,
			title: "CT 2 can't send after the vendor visit",
			level: 1,
			minutes: 12,
			hospitalTitle: 'Community hospital',
		},
		status: 'open',
		clock: { nowUs, wallTime: '2026-03-09T07:46:30' },
		ticket: {
			number: 'INC-20417',
			from: 'Priya Raman',
			fromRole: 'Lead CT technologist',
			priority: 'urgent',
			openedAt: '2026-03-09T07:40:00',
			text: TICKET_TEXT,
			informed: [],
		},
		map: {
			networks: [
				{ id: 'modalities', title: 'Modalities', cidr: '10.20.1.0/24' },
				{ id: 'servers', title: 'Servers', cidr: '10.20.2.0/24' },
				{ id: 'clinical', title: 'Clinical', cidr: '10.20.3.0/24' },
				{ id: 'remote', title: 'Remote sites (VPN)', cidr: '172.31.8.0/24' },
			],
			nodes: [...NODES, SWITCH],
			links: LINKS,
		},
		shells: [
			{ host: 'desk', title: 'Your desk', prompt: 'you@desk:~$ ' },
			{ host: 'pacs', title: 'PACS archive', prompt: 'admin@pacs:~$ ' },
			{ host: 'engine', title: 'Interface engine', prompt: 'admin@engine:~$ ' },
			{ host: 'router', title: 'DICOM router', prompt: 'admin@router:~$ ' },
		],
		people: PEOPLE,
		vocabulary: VOCABULARY,
		commands: COMMANDS,
		hints: {
			taken: ['Compare what CT 2 calls itself with what the archive expects.'],
			left: 2,
			costPercentNext: 10,
		},
		files: [{ path: 'captures/ct2-echo.pcapng', sizeBytes: 14_212 }],
		history,
	});
}
