/** The attributes of one record by keyword; sequences are arrays of records. */
export interface QueryRecord {
	[keyword: string]: string | QueryRecord[] | undefined;
}
