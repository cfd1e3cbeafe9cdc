/**
 * Components of the composite data types: HL7 v2.5.1 section 2.A. One line per component in the
 * order of their numbers: data type, name. Types that are not here have no components.
 */
export const DATA_TYPES: Readonly<Record<string, string>> = {
	CE: `
		ST Identifier
		ST Text
		ID Name of Coding System
		ST Alternate Identifier
		ST Alternate Text
		ID Name of Alternate Coding System`,
	CNE: `
		ST Identifier
		ST Text
		ID Name of Coding System
		ST Alternate Identifier
		ST Alternate Text
		ID Name of Alternate Coding System
		ST Coding System Version ID
		ST Alternate Coding System Version ID
		ST Original Text`,
	CNN: `
		ST ID Number
		ST Family Name
		ST Given Name
		ST Second and Further Given Names or Initials Thereof
		ST Suffix
		ST Prefix
		IS Degree
		IS Source Table
		IS Assigning Authority - Namespace ID
		ST Assigning Authority - Universal ID
		ID Assigning Authority - Universal ID Type`,
	CP: `
		MO Price
		ID Price Type
		NM From Value
		NM To Value
		CE Range Units
		ID Range Type`,
	CQ: `
		NM Quantity
		CE Units`,
	CWE: `
		ST Identifier
		ST Text
		ID Name of Coding System
		ST Alternate Identifier
		ST Alternate Text
		ID Name of Alternate Coding System
		ST Coding System Version ID
		ST Alternate Coding System Version ID
		ST Original Text`,
	CX: `
		ST ID Number
		ST Check Digit
		ID Check Digit Scheme
		HD Assigning Authority
		ID Identifier Type Code
		HD Assigning Facility
		DT Effective Date
		DT Expiration Date
		CWE Assigning Jurisdiction
		CWE Assigning Agency or Department`,
	DLD: `
		IS Discharge Location
		TS Effective Date`,
	DLN: `
		ST License Number
		IS Issuing State, Province, Country
		DT Expiration Date`,
	DR: `
		TS Range Start Date/Time
		TS Range End Date/Time`,
	ED: `
		HD Source Application
		ID Type of Data
		ID Data Subtype
		ID Encoding
		TX Data`,
	EI: `
		ST Entity Identifier
		IS Namespace ID
		ST Universal ID
		ID Universal ID Type`,
	EIP: `
		EI Placer Assigned Identifier
		EI Filler Assigned Identifier`,
	ELD: `
		ST Segment ID
		NM Segment Sequence
		NM Field Position
		CE Code Identifying Error`,
	ERL: `
		ST Segment ID
		NM Segment Sequence
		NM Field Position
		NM Field Repetition
		NM Component Number
		NM Sub-Component Number`,
	FC: `
		IS Financial Class Code
		TS Effective Date`,
	FN: `
		ST Surname
		ST Own Surname Prefix
		ST Own Surname
		ST Surname Prefix From Partner/Spouse
		ST Surname From Partner/Spouse`,
	HD: `
		IS Namespace ID
		ST Universal ID
		ID Universal ID Type`,
	MO: `
		NM Quantity
		ID Denomination`,
	MOC: `
		MO Monetary Amount
		CE Charge Code`,
	MSG: `
		ID Message Code
		ID Trigger Event
		ID Message Structure`,
	NDL: `
		CNN Name
		TS Start Date/Time
		TS End Date/Time
		IS Point of Care
		IS Room
		IS Bed
		HD Facility
		IS Location Status
		IS Patient Location Type
		IS Building
		IS Floor`,
	PL: `
		IS Point of Care
		IS Room
		IS Bed
		HD Facility
		IS Location Status
		IS Person Location Type
		IS Building
		IS Floor
		ST Location Description
		EI Comprehensive Location Identifier
		HD Assigning Authority for Location`,
	PPN: `
		ST ID Number
		FN Family Name
		ST Given Name
		ST Second and Further Given Names or Initials Thereof
		ST Suffix
		ST Prefix
		IS Degree
		IS Source Table
		HD Assigning Authority
		ID Name Type Code
		ST Identifier Check Digit
		ID Check Digit Scheme
		ID Identifier Type Code
		HD Assigning Facility
		TS Date/Time Action Performed
		ID Name Representation Code
		CE Name Context
		DR Name Validity Range
		ID Name Assembly Order
		TS Effective Date
		TS Expiration Date
		ST Professional Suffix
		CWE Assigning Jurisdiction
		CWE Assigning Agency or Department`,
	PRL: `
		CE Parent Observation Identifier
		ST Parent Observation Sub-identifier
		TX Parent Observation Value Descriptor`,
	PT: `
		ID Processing ID
		ID Processing Mode`,
	RP: `
		ST Pointer
		HD Application ID
		ID Type of Data
		ID Subtype`,
	RPT: `
		CWE Repeat Pattern Code
		ID Calendar Alignment
		NM Phase Range Begin Value
		NM Phase Range End Value
		NM Period Quantity
		IS Period Units
		ID Institution Specified Time
		ID Event
		NM Event Offset Quantity
		IS Event Offset Units
		GTS General Timing Specification`,
	SAD: `
		ST Street or Mailing Address
		ST Street Name
		ST Dwelling Number`,
	SN: `
		ST Comparator
		NM Num1
		ST Separator/Suffix
		NM Num2`,
	SPS: `
		CWE Specimen Source Name or Code
		CWE Additives
		TX Specimen Collection Method
		CWE Body Site
		CWE Site Modifier
		CWE Collection Method Modifier Code
		CWE Specimen Role`,
	TQ: `
		CQ Quantity
		RI Interval
		ST Duration
		TS Start Date/Time
		TS End Date/Time
		ST Priority
		ST Condition
		TX Text
		ID Conjunction
		OSD Order Sequencing
		CE Occurrence Duration
		NM Total Occurrences`,
	TS: `
		DTM Time
		ID Degree of Precision`,
	VID: `
		ID Version ID
		CE Internationalization Code
		CE International Version ID`,
	XAD: `
		SAD Street Address
		ST Other Designation
		ST City
		ST State or Province
		ST Zip or Postal Code
		ID Country
		ID Address Type
		ST Other Geographic Designation
		IS County/Parish Code
		IS Census Tract
		ID Address Representation Code
		DR Address Validity Range
		TS Effective Date
		TS Expiration Date`,
	XCN: `
		ST ID Number
		FN Family Name
		ST Given Name
		ST Second and Further Given Names or Initials Thereof
		ST Suffix
		ST Prefix
		IS Degree
		IS Source Table
		HD Assigning Authority
		ID Name Type Code
		ST Identifier Check Digit
		ID Check Digit Scheme
		ID Identifier Type Code
		HD Assigning Facility
		ID Name Representation Code
		CE Name Context
		DR Name Validity Range
		ID Name Assembly Order
		TS Effective Date
		TS Expiration Date
		ST Professional Suffix
		CWE Assigning Jurisdiction
		CWE Assigning Agency or Department`,
	XON: `
		ST Organization Name
		IS Organization Name Type Code
		NM ID Number
		NM Check Digit
		ID Check Digit Scheme
		HD Assigning Authority
		ID Identifier Type Code
		HD Assigning Facility
		ID Name Representation Code
		ST Organization Identifier`,
	XPN: `
		FN Family Name
		ST Given Name
		ST Second and Further Given Names or Initials Thereof
		ST Suffix
		ST Prefix
		IS Degree
		ID Name Type Code
		ID Name Representation Code
		CE Name Context
		DR Name Validity Range
		ID Name Assembly Order
		TS Effective Date
		TS Expiration Date
		ST Professional Suffix`,
	XTN: `
		ST Telephone Number
		ID Telecommunication Use Code
		ID Telecommunication Equipment Type
		ST Email Address
		NM Country Code
		NM Area/City Code
		NM Local Number
		NM Extension
		ST Any Text
		ST Extension Prefix
		ST Speed Dial Code
		ST Unformatted Telephone number`,
};
