CREATE TABLE `own_bank` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`title` text NOT NULL,
	`format` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `own_bank_user` ON `own_bank` (`user_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `own_item` (
	`bank_id` text NOT NULL,
	`position` integer NOT NULL,
	`item_id` text NOT NULL,
	`type` text NOT NULL,
	`title` text NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`bank_id`, `position`),
	FOREIGN KEY (`bank_id`) REFERENCES `own_bank`(`id`) ON UPDATE no action ON DELETE cascade
);
