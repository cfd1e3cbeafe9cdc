import type { FuzzTarget } from '../define-target.ts';
import { acceptorTarget, requestorTarget } from './association.ts';
import { dataSetTarget, part10Target } from './data-set.ts';
import { er7Target, mllpTarget } from './hl7.ts';
import { captureAnalysisTarget, captureTarget, hl7FileTarget, objectTarget } from './inspect.ts';
import { dicomdirTarget, rleTarget, textTarget } from './media.ts';
import { certificateTarget, tlsClientTarget, tlsServerTarget } from './tls.ts';
import { httpTarget, jsonTarget } from './web.ts';

/** Every reader of strangers' bytes. A new one is a file in this folder and a line here. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
	acceptorTarget,
	requestorTarget,
	dataSetTarget,
	part10Target,
	er7Target,
	mllpTarget,
	dicomdirTarget,
	rleTarget,
	textTarget,
	httpTarget,
	jsonTarget,
	tlsServerTarget,
	tlsClientTarget,
	certificateTarget,
	captureTarget,
	captureAnalysisTarget,
	objectTarget,
	hl7FileTarget,
];
