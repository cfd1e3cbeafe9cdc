import type { FaultDefinition } from '../define-fault.ts';
import { addressMaskWrong } from './address-mask-wrong.ts';
import { archiveAddressWrong } from './archive-address-wrong.ts';
import { archivePortWrong } from './archive-port-wrong.ts';
import { archiveVolumeFull } from './archive-volume-full.ts';
import { associationLimitLow } from './association-limit-low.ts';
import { calledAeTitleWrong } from './called-ae-title-wrong.ts';
import { callingAeNotRegistered } from './calling-ae-not-registered.ts';
import { certificateExpired } from './certificate-expired.ts';
import { certificateIssuerUnknown } from './certificate-issuer-unknown.ts';
import { clientCertificateMissing } from './client-certificate-missing.ts';
import { clockOffset } from './clock-offset.ts';
import { dnsRecordStale } from './dns-record-stale.ts';
import { firewallRejects } from './firewall-rejects.ts';
import { firewallRuleMissing } from './firewall-rule-missing.ts';
import { gatewayWrong } from './gateway-wrong.ts';
import { linkDown } from './link-down.ts';
import { nodeAddressStale } from './node-address-stale.ts';
import { nodeMayNotStore } from './node-may-not-store.ts';
import { ownAeTitleChanged } from './own-ae-title-changed.ts';
import { purgeDisabled } from './purge-disabled.ts';
import { serviceStopped } from './service-stopped.ts';
import { tlsVersionTooOld } from './tls-version-too-old.ts';
import { volumeFilling } from './volume-filling.ts';
import { worklistStationWrong } from './worklist-station-wrong.ts';

const DEFINITIONS = [
	addressMaskWrong,
	archiveAddressWrong,
	archivePortWrong,
	archiveVolumeFull,
	associationLimitLow,
	calledAeTitleWrong,
	callingAeNotRegistered,
	certificateExpired,
	certificateIssuerUnknown,
	clientCertificateMissing,
	clockOffset,
	dnsRecordStale,
	firewallRejects,
	firewallRuleMissing,
	gatewayWrong,
	linkDown,
	nodeAddressStale,
	nodeMayNotStore,
	ownAeTitleChanged,
	purgeDisabled,
	serviceStopped,
	tlsVersionTooOld,
	volumeFilling,
	worklistStationWrong,
] as unknown as FaultDefinition[];

/** Every fault kind by name. A new kind is a new file and a line here. */
export const FAULT_DEFINITIONS: ReadonlyMap<string, FaultDefinition> = new Map(
	DEFINITIONS.map((definition) => [definition.kind, definition]),
);
