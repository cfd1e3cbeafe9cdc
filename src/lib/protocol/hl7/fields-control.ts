/**
 * Fields of the control, batch and master file segments: HL7 v2.5.1 sections 2.15 and 8.5. One line
 * per field in the order of their numbers, in the notation of `fields.ts`.
 */
export const CONTROL_FIELDS = {
	MSH: `
		ST! Field Separator
		ST! Encoding Characters
		HD Sending Application
		HD Sending Facility
		HD Receiving Application
		HD Receiving Facility
		TS! Date/Time Of Message
		ST Security
		MSG! Message Type
		ST! Message Control ID
		PT! Processing ID
		VID! Version ID
		NM Sequence Number
		ST Continuation Pointer
		ID#0155 Accept Acknowledgment Type
		ID#0155 Application Acknowledgment Type
		ID Country Code
		ID* Character Set
		CE Principal Language Of Message
		ID Alternate Character Set Handling Scheme
		EI* Message Profile Identifier`,
	MSA: `
		ID!#0008 Acknowledgment Code
		ST! Message Control ID
		ST Text Message
		NM Expected Sequence Number
		ID Delayed Acknowledgment Type
		CE Error Condition`,
	ERR: `
		ELD* Error Code and Location
		ERL* Error Location
		CWE! HL7 Error Code
		ID!#0516 Severity
		CWE Application Error Code
		ST* Application Error Parameter
		TX Diagnostic Information
		TX User Message
		IS* Inform Person Indicator
		CWE Override Type
		CWE* Override Reason Code
		XTN* Help Desk Contact Point`,
	NTE: `
		SI Set ID - NTE
		ID Source of Comment
		FT* Comment
		CE Comment Type`,
	SFT: `
		XON! Software Vendor Organization
		ST! Software Certified Version or Release Number
		ST! Software Product Name
		ST! Software Binary ID
		TX Software Product Information
		TS Software Install Date`,
	FHS: `
		ST! File Field Separator
		ST! File Encoding Characters
		HD File Sending Application
		HD File Sending Facility
		HD File Receiving Application
		HD File Receiving Facility
		TS File Creation Date/Time
		ST File Security
		ST File Name/ID
		ST File Header Comment
		ST File Control ID
		ST Reference File Control ID`,
	BHS: `
		ST! Batch Field Separator
		ST! Batch Encoding Characters
		HD Batch Sending Application
		HD Batch Sending Facility
		HD Batch Receiving Application
		HD Batch Receiving Facility
		TS Batch Creation Date/Time
		ST Batch Security
		ST Batch Name/ID/Type
		ST Batch Comment
		ST Batch Control ID
		ST Reference Batch Control ID`,
	BTS: `
		ST Batch Message Count
		ST Batch Comment
		NM* Batch Totals`,
	FTS: `
		NM File Batch Count
		ST File Trailer Comment`,
	MFI: `
		CE! Master File Identifier
		HD Master File Application Identifier
		ID! File-Level Event Code
		TS Entered Date/Time
		TS Effective Date/Time
		ID! Response Level Code`,
	MFE: `
		ID! Record-Level Event Code
		ST MFN Control ID
		TS Effective Date/Time
		Varies*! Primary Key Value - MFE
		ID*! Primary Key Value Type`,
};
