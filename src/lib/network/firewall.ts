import { inSubnet, parseAddress, parseCidr } from './address.ts';
import type { FirewallAction, FirewallRule } from './network-spec.ts';
import { flowKey, reverseFlow, type Flow, type FlowStage, type IpProtocol } from './packet.ts';
import { seconds } from '#lib/kernel/time.ts';

/** Lifetimes without traffic, as netfilter has them by default. */
const OPENING_TIMEOUT_US = seconds(120);
const CLOSING_TIMEOUT_US = seconds(120);
const DATAGRAM_TIMEOUT_US = seconds(30);
const TCP_IDLE_TIMEOUT_US = seconds(432_000);

const LOG_LIMIT = 1_000;
const FIRST_PRUNE_AT = 1_024;

export interface FirewallLogEntry extends Flow {
	readonly timeUs: number;
	/** The rule's id, `default`, or `out-of-state`. */
	readonly rule: string;
	readonly action: FirewallAction;
}

/** An entry of the state table: a flow that was allowed once and may go on. */
export interface Session {
	readonly flow: Flow;
	readonly rule: string;
	readonly createdUs: number;
	lastUsedUs: number;
	/** Whether the other side answered. Until then, each packet that opens the flow is judged anew. */
	replied: boolean;
	/** Which sides sent FIN. */
	finishedForward: boolean;
	finishedBackward: boolean;
	/** Ended by RST. */
	closed: boolean;
}

export type FirewallDecision =
	| { readonly pass: true; readonly session?: Session; readonly reverse: boolean }
	| {
			readonly pass: false;
			readonly action: 'reject' | 'drop' | 'reset';
			readonly rule: string;
	  };

/**
 * A stateful packet filter: ordered rules, the first match decides, then the default action. A flow once
 * allowed goes on until it ends or its idle timer runs out, whatever happens to the rules, as real
 * firewalls do; {@link clearSessions} cuts it. A TCP packet of no known flow is out of state: dropped, or
 * answered with RST when `outOfState` is `reset`. A firewall without rules that allows by default passes everything.
 *
 * ICMP errors about a flow pass, unless the first rule for protocol `icmp` that matches denies them.
 */
export class Firewall {
	rules: FirewallRule[];
	defaultAction: FirewallAction;
	/** How long a silent, established TCP flow is remembered. Five days unless told otherwise. */
	idleTimeoutUs = TCP_IDLE_TIMEOUT_US;
	outOfState: 'drop' | 'reset' = 'drop';
	/** The last {@link LOG_LIMIT} denied flows and matches of rules with `log`. */
	readonly log: FirewallLogEntry[] = [];
	#sessions = new Map<string, Session>();
	#pruneAt = FIRST_PRUNE_AT;
	#changed: () => void;

	constructor(rules: FirewallRule[], defaultAction: FirewallAction, changed: () => void) {
		this.rules = rules;
		this.defaultAction = defaultAction;
		this.#changed = changed;
	}

	/** The state table, without what has expired. */
	sessions(nowUs: number): Session[] {
		return [...this.#sessions.values()].filter((session) => this.alive(session, nowUs));
	}

	/** Forgets the flows that `match` picks, or all of them; their next packets are out of state. */
	clearSessions(match: (session: Session) => boolean = () => true): void {
		for (const [key, session] of this.#sessions) {
			if (match(session)) this.#sessions.delete(key);
		}
		this.#changed();
	}

	/** Judges a packet, and remembers the flow it opens. */
	decide(flow: Flow, stage: FlowStage, nowUs: number): FirewallDecision {
		if (stage === 'related') return this.#decideRelated(flow, nowUs);
		const forward = this.#find(flow, nowUs);
		if (forward && (forward.replied || stage !== 'open')) return this.#use(forward, false, nowUs);
		const backward = forward ? undefined : this.#find(reverseFlow(flow), nowUs);
		if (backward && !(flow.protocol === 'tcp' && stage === 'open')) {
			backward.replied = true;
			return this.#use(backward, true, nowUs);
		}
		const open = this.rules.length === 0 && this.defaultAction === 'allow';
		if (stage !== 'open' && !open) {
			this.#note(flow, 'out-of-state', 'drop', nowUs);
			return { pass: false, action: this.outOfState, rule: 'out-of-state' };
		}
		if (stage === 'reset') return { pass: true, reverse: false };
		const rule = open ? undefined : this.rules.find((candidate) => ruleMatches(candidate, flow));
		const action = rule?.action ?? this.defaultAction;
		const name = rule?.id ?? 'default';
		if (action !== 'allow' || rule?.log) this.#note(flow, name, action, nowUs);
		if (action !== 'allow') return { pass: false, action, rule: name };
		return this.#use(forward ?? this.#open(flow, name, stage, nowUs), false, nowUs);
	}

	/** Whether a remembered flow may still go on. */
	alive(session: Session, nowUs: number): boolean {
		return !session.closed && nowUs - session.lastUsedUs <= this.#timeoutUs(session);
	}

	#timeoutUs(session: Session): number {
		if (session.flow.protocol !== 'tcp') return DATAGRAM_TIMEOUT_US;
		if (session.finishedForward && session.finishedBackward) return CLOSING_TIMEOUT_US;
		return session.replied ? this.idleTimeoutUs : OPENING_TIMEOUT_US;
	}

	#find(flow: Flow, nowUs: number): Session | undefined {
		const session = this.#sessions.get(flowKey(flow));
		return session && this.alive(session, nowUs) ? session : undefined;
	}

	#use(session: Session, reverse: boolean, nowUs: number): FirewallDecision {
		session.lastUsedUs = nowUs;
		return { pass: true, session, reverse };
	}

	#open(flow: Flow, rule: string, stage: FlowStage, nowUs: number): Session {
		if (this.#sessions.size >= this.#pruneAt) this.#prune(nowUs);
		const session: Session = {
			flow: {
				protocol: flow.protocol,
				source: flow.source,
				sourcePort: flow.sourcePort,
				destination: flow.destination,
				destinationPort: flow.destinationPort,
			},
			rule,
			createdUs: nowUs,
			lastUsedUs: nowUs,
			// A flow first seen in the middle must have been answered before.
			replied: stage !== 'open',
			finishedForward: false,
			finishedBackward: false,
			closed: false,
		};
		this.#sessions.set(flowKey(flow), session);
		return session;
	}

	#prune(nowUs: number): void {
		for (const [key, session] of this.#sessions) {
			if (!this.alive(session, nowUs)) this.#sessions.delete(key);
		}
		this.#pruneAt = Math.max(FIRST_PRUNE_AT, this.#sessions.size * 2);
	}

	#decideRelated(flow: Flow, nowUs: number): FirewallDecision {
		const rule = this.rules.find(
			(candidate) => candidate.protocol === 'icmp' && ruleMatches(candidate, flow),
		);
		if (!rule || rule.action === 'allow') return { pass: true, reverse: false };
		this.#note(flow, rule.id, 'drop', nowUs);
		return { pass: false, action: 'drop', rule: rule.id };
	}

	#note(flow: Flow, rule: string, action: FirewallAction, timeUs: number): void {
		const { protocol, source, sourcePort, destination, destinationPort } = flow;
		this.log.push({
			timeUs,
			rule,
			action,
			protocol,
			source,
			sourcePort,
			destination,
			destinationPort,
		});
		if (this.log.length > LOG_LIMIT) this.log.shift();
	}
}

/** Whether a rule is about a flow. */
export function ruleMatches(rule: FirewallRule, flow: Flow): boolean {
	return (
		protocolMatches(rule.protocol, flow.protocol) &&
		(rule.port === undefined || rule.port === flow.destinationPort) &&
		blockHolds(rule.source, flow.source) &&
		blockHolds(rule.destination, flow.destination)
	);
}

function protocolMatches(rule: FirewallRule['protocol'], protocol: IpProtocol): boolean {
	return rule === 'any' || rule === protocol;
}

/** A rule whose block cannot be read matches nothing. */
function blockHolds(block: string, address: string): boolean {
	if (block === 'any') return true;
	const cidr = parseCidr(block);
	const value = parseAddress(address);
	return cidr !== undefined && value !== undefined && inSubnet(value, cidr.address, cidr.prefix);
}
