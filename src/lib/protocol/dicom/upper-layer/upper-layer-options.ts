import type { PduReaderLimits } from './decode-pdu.ts';

export interface UpperLayerOptions {
	role: 'requestor' | 'acceptor';
	/**
	 * The largest P-DATA-TF length taken from the peer, in bytes after the PDU header; 0 means no
	 * limit. Default 16384. Say the same in `userInformation.maximumLength`: the engine sends that
	 * as it is given.
	 */
	maximumPduLengthBytes?: number;
	/**
	 * How much longer than that a P-DATA-TF may be before it is aborted with reason 6. Default 0.
	 */
	dataPduSlackBytes?: number;
	/** The cap on a P-DATA-TF when `maximumPduLengthBytes` is 0. Default 64 MiB. */
	unlimitedDataPduBytes?: number;
	/** The cap on every other PDU. Default 1 MiB. */
	maximumOtherPduBytes?: number;
}

/** The caps these options set on received PDUs. */
export function readerLimits(options: UpperLayerOptions): PduReaderLimits {
	const announced = options.maximumPduLengthBytes ?? 16384;
	return {
		dataBytes:
			announced === 0
				? (options.unlimitedDataPduBytes ?? 64 * 1024 * 1024)
				: announced + (options.dataPduSlackBytes ?? 0),
		otherBytes: options.maximumOtherPduBytes ?? 1024 * 1024,
	};
}
