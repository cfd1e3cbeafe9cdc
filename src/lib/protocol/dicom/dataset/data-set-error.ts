export type DataSetErrorCode =
	/** The keyword is in no dictionary. */
	| 'unknown-keyword'
	/** The value does not fit the value representation. */
	| 'bad-value'
	/** A character is in none of the character sets of the data set. */
	| 'unencodable-text';

/**
 * A mistake of the program that builds a data set. Bytes of a peer never cause it: reading reports
 * problems as data.
 */
export class DataSetError extends Error {
	readonly code: DataSetErrorCode;

	constructor(code: DataSetErrorCode, message: string) {
		super(message);
		this.name = 'DataSetError';
		this.code = code;
	}
}
