/// Everything about widgets: a file for each thing that can be done with them.
@NullMarked
package dev.slipway.template.base.widget;

import org.jspecify.annotations.NullMarked;
